// The sign on the door stands in PostgresFeature.swift once the room is built.

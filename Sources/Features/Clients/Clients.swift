// The sign on the door stands in ClientsFeature.swift once the room is built.

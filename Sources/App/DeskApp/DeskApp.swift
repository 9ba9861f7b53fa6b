// The sign on the door stands in DeskAppFeature.swift once the room is built.

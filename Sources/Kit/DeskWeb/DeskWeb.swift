// The sign on the door stands in DeskWebFeature.swift once the room is built.

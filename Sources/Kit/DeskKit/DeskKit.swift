// The sign on the door stands in DeskKitFeature.swift once the room is built.

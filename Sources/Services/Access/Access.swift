// The sign on the door stands in AccessFeature.swift once the room is built.

// The sign on the door stands in PortalsFeature.swift once the room is built.

// The sign on the door stands in TransportFeature.swift once the room is built.

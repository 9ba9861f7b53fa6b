// The sign on the door stands in MessagingFeature.swift once the room is built.

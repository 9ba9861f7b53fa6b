// The sign on the door stands in IdentifiersFeature.swift once the room is built.

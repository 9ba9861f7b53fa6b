// The sign on the door stands in RemindersFeature.swift once the room is built.

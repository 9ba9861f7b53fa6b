// The sign on the door stands in DocumentsFeature.swift once the room is built.

// The sign on the door stands in AccountsFeature.swift once the room is built.

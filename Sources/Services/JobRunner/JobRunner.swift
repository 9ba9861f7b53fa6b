// The sign on the door stands in JobRunnerFeature.swift once the room is built.

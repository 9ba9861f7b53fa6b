// The sign on the door stands in OperationsFeature.swift once the room is built.

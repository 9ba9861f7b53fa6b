// The sign on the door stands in SecretsFeature.swift once the room is built.

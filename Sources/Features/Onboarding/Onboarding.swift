// The sign on the door stands in OnboardingFeature.swift once the room is built.

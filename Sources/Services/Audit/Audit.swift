// The sign on the door stands in AuditFeature.swift once the room is built.

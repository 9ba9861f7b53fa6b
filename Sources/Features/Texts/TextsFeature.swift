/// Managed texts, cookies and consents of a portal.
public enum TextsFeature {}

/// Caller verification: who proved what, how strongly, and until when.
public enum IdentityService {}

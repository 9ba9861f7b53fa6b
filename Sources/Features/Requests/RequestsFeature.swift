/// Client requests: data change, deletion, erasure, complaint, with their clocks.
public enum RequestsFeature {}

/// Why a Markdown text cannot be shown.
public enum MarkdownError {}

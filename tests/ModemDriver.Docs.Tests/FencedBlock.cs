namespace ModemDriver.Docs.Tests;

/// <summary>A block of code on a page.</summary>
/// <param name="Language">What stands behind the opening fence.</param>
/// <param name="Snippet">The region that it shows; <see langword="null"/> where none is named.</param>
/// <param name="Text">The lines between the fences.</param>
internal sealed record FencedBlock(string Language, string? Snippet, string Text);

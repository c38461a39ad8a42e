namespace Reeve.Cli.Screen;

/// <summary>Where a line goes: standard output or standard error of a terminal.</summary>
internal delegate void LineWriter(params ReadOnlySpan<Piece> pieces);

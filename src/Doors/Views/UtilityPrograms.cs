namespace Reeve.Doors.Views;

/// <summary>Programs of util-linux by absolute path: they start without an environment, so without PATH.</summary>
internal static class UtilityPrograms
{
    public const string EnterNamespaces = "/usr/bin/nsenter";
}

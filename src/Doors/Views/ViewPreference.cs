namespace Reeve.Doors.Views;

/// <summary>Which kind of view is wanted. The better kinds fall back where the system cannot make them.</summary>
public enum ViewPreference
{
    /// <summary>Reflinks where the file system gives them, else an overlay where one can be mounted, else a
    /// copy.</summary>
    Automatic = 0,

    /// <summary>A plain copy, also where reflinks would work.</summary>
    Copy,

    /// <summary>A reflink copy, or a problem.</summary>
    Reflink,

    /// <summary>An overlay, or a problem.</summary>
    Overlay,
}

using Microsoft.Win32.SafeHandles;

namespace Reeve.Doors.Files;

/// <summary>The directory that file grants work beneath.</summary>
/// <remarks>
/// A view that nobody has changed needs no tree of its own yet, so what is opened for reading and what is opened
/// for changing may be two directories until the first change.
/// </remarks>
internal abstract class TreeRoot : IDisposable
{
    /// <summary>Where to read now. Belongs to the root: not disposed by the reader.</summary>
    public abstract SafeFileHandle ForReading();

    /// <summary>Where to change, made by now; belongs to the root.</summary>
    public abstract SafeFileHandle ForChanging();

    public abstract void Dispose();

    /// <summary>One directory for both, which this owns.</summary>
    public static TreeRoot Of(SafeFileHandle directory) => new Fixed(directory);

    private sealed class Fixed(SafeFileHandle directory) : TreeRoot
    {
        public override SafeFileHandle ForReading() => directory;

        public override SafeFileHandle ForChanging() => directory;

        public override void Dispose() => directory.Dispose();
    }
}

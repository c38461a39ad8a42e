using Microsoft.Win32.SafeHandles;

namespace Reeve.Doors.Views;

/// <summary>A view's tree mounted in a namespace of its own, for as long as this lives.</summary>
/// <param name="root">The merged root; file grants work beneath it from outside the namespace.</param>
/// <param name="keeper">What keeps the namespace: a descriptor or a process.</param>
internal sealed class TreeMount(SafeFileHandle root, ViewMount place, IDisposable keeper) : IDisposable
{
    public SafeFileHandle Root => root;

    public ViewMount Place => place;

    public void Dispose()
    {
        root.Dispose();
        keeper.Dispose();
    }
}

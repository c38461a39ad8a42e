using Microsoft.Win32.SafeHandles;
using Reeve.Authority;

namespace Reeve.Doors.Views;

internal static class OverlayView
{
    public static WorkspaceView Create(
        ViewDirectory directory, string workspace, uint? user, ViewLimits limits, TimeProvider time) =>
        throw new ProblemException(new Problem("view.no_overlay", "x"));

    public static WorkspaceView Reopen(ViewDirectory directory, Manifest manifest, TimeProvider time) =>
        throw new ProblemException(new Problem("view.no_overlay", "x"));
}

using System.Runtime.Versioning;
using Reeve.Doors.Views;
using Xunit;

namespace Reeve.Tests.Scenarios.Views;

[SupportedOSPlatform("linux")]
public sealed class OverlayViewTests() : ViewPromises(ViewPreference.Overlay)
{
    /// <summary>Run only by the test that starts this one as somebody else, so that it cannot be root
    /// unnoticed.</summary>
    [Fact(Explicit = true)]
    public void Is_not_root() => Assert.False(Environment.IsPrivilegedProcess);
}

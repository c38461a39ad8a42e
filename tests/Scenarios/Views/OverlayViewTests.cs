using System.Runtime.Versioning;
using Reeve.Doors.Views;

namespace Reeve.Tests.Scenarios.Views;

[SupportedOSPlatform("linux")]
public sealed class OverlayViewTests() : ViewPromises(ViewPreference.Overlay);

using System.Runtime.Versioning;
using Reeve.Doors.Views;

namespace Reeve.Tests.Scenarios.Views;

[SupportedOSPlatform("linux")]
public sealed class CopyViewTests() : ViewPromises(ViewPreference.Copy);

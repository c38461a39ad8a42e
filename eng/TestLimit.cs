using System.Collections.Concurrent;
using System.Reflection;
using Xunit.v3;

[assembly: Reeve.Tests.TestLimit]

namespace Reeve.Tests;

/// <summary>Ends the test executable, naming the test, when one test takes longer than its limit.</summary>
/// <remarks>
/// Ending the whole process is deliberate: a test that hangs holds threads, sandboxes and files that no one
/// could take back, and whatever came after it would prove nothing.
/// </remarks>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class TestLimitAttribute : BeforeAfterTestAttribute
{
    /// <summary>How long one test may take, in seconds.</summary>
    public const int SecondsMax = 180;

    private readonly ConcurrentDictionary<string, ITimer> _running = new();

    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        var timer = TimeProvider.System.CreateTimer(
            End, test.TestDisplayName, TimeSpan.FromSeconds(SecondsMax), Timeout.InfiniteTimeSpan);
        _running[test.UniqueID] = timer;
    }

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (_running.TryRemove(test.UniqueID, out var timer))
        {
            timer.Dispose();
        }
    }

    private static void End(object? name)
    {
        Console.Error.WriteLine($"{name} took longer than {SecondsMax} seconds.");
        Environment.Exit(3);
    }
}

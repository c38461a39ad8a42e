using Reeve.Tools.Builds;
using Xunit;

namespace Reeve.Tests.Unit.Tools.Builds;

/// <summary>The words of npm, go and NuGet were recorded; those of cargo were written by hand after its
/// source.</summary>
public sealed class PackageCachesTests
{
    [Theory]
    [InlineData("npm error code ENOTCACHED\nnpm error request to https://example.invalid/a.tgz failed")]
    [InlineData("go: example.org/nowhere@v1.0.0: module lookup disabled by GOPROXY=off")]
    [InlineData("/workspace/a.csproj : error NU1101: Unable to find package Nowhere.At.All.")]
    [InlineData("/workspace/a.csproj : error NU1301: Unable to load the service index for source")]
    [InlineData("error: attempting to make an HTTP request, but --offline was specified")]
    [InlineData("As a reminder, you're using offline mode (--offline) which can sometimes cause surprising failures")]
    public void A_package_that_is_in_no_cache_is_known_by_the_words_of_its_manager(string output) =>
        Assert.True(PackageCaches.Miss(output));

    [Theory]
    [InlineData("npm error code EUSAGE\nnpm error The `npm ci` command needs a package-lock.json")]
    [InlineData("/workspace/a.csproj : error NU1605: Detected package downgrade")]
    [InlineData("error: failed to parse manifest; run with [--offline]")]
    [InlineData("")]
    public void Another_failure_is_not_taken_for_it(string output) => Assert.False(PackageCaches.Miss(output));
}

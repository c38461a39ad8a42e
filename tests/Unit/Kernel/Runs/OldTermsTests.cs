using System.Text;
using Reeve.Kernel.Runs;
using Xunit;

namespace Reeve.Tests.Kernel.Runs;

public sealed class OldTermsTests
{
    [Fact]
    public void Terms_of_an_earlier_version_owe_no_output()
    {
        var terms = RunTerms.FromBytes(Encoding.UTF8.GetBytes(
            """{"workspace":"/w","systemPrompt":"p","criteria":[],"apply":"ask"}"""));

        Assert.Equal("", terms.OutputSchema);
    }
}

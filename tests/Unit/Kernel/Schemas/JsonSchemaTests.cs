using System.Text.Json;
using Reeve.Authority;
using Reeve.Kernel.Evidence;
using Reeve.Kernel.Schemas;
using Xunit;

namespace Reeve.Tests.Kernel.Schemas;

public sealed class JsonSchemaTests
{
    [Theory]
    [InlineData("""{"type":"integer"}""", "3", "3.5")]
    [InlineData("""{"type":"integer"}""", "3.0", "\"3\"")]
    [InlineData("""{"type":["string","null"]}""", "null", "1")]
    [InlineData("""{"enum":[1,"a"]}""", "1.0", "2")]
    [InlineData("""{"const":{"a":[1]}}""", """{"a":[1]}""", """{"a":[2]}""")]
    [InlineData("""{"properties":{"a":{"type":"string"}},"required":["a"]}""", """{"a":"x"}""", "{}")]
    [InlineData("""{"properties":{"a":{}},"additionalProperties":false}""", """{"a":1}""", """{"b":1}""")]
    [InlineData("""{"patternProperties":{"^x":{"type":"number"}},"additionalProperties":false}""", """{"x1":1}""",
        """{"x1":"1"}""")]
    [InlineData("""{"propertyNames":{"maxLength":2}}""", """{"ab":1}""", """{"abc":1}""")]
    [InlineData("""{"minProperties":1,"maxProperties":1}""", """{"a":1}""", "{}")]
    [InlineData("""{"dependentSchemas":{"a":{"required":["b"]}}}""", """{"a":1,"b":1}""", """{"a":1}""")]
    [InlineData("""{"items":{"type":"integer"},"minItems":1,"maxItems":2}""", "[1,2]", "[1,2,3]")]
    [InlineData("""{"prefixItems":[{"type":"string"}],"items":false}""", """["a"]""", """["a",1]""")]
    [InlineData("""{"contains":{"const":1},"maxContains":1}""", "[1,2]", "[1,1]")]
    [InlineData("""{"uniqueItems":true}""", "[1,2]", "[1,1.0]")]
    [InlineData("""{"minLength":2,"maxLength":2}""", "\"\\ud83d\\ude00x\"", "\"\\ud83d\\ude00\"")]
    [InlineData("""{"pattern":"^a+$"}""", "\"aa\"", "\"ab\"")]
    [InlineData("""{"format":"date"}""", "\"2026-02-28\"", "\"2026-02-30\"")]
    [InlineData("""{"format":"date-time"}""", "\"2026-02-28T10:00:00.5+01:00\"", "\"2026-02-28T10:00:00\"")]
    [InlineData("""{"format":"uuid"}""", "\"6f9619ff-8b86-d011-b42d-00c04fc964ff\"", "\"6f9619ff\"")]
    [InlineData("""{"format":"email"}""", "\"a@b\"", "\"a@b@c\"")]
    [InlineData("""{"format":"uri"}""", "\"https://a/b\"", "\"a b\"")]
    [InlineData("""{"minimum":1,"exclusiveMaximum":2}""", "1.9", "2")]
    [InlineData("""{"maximum":1,"exclusiveMinimum":0}""", "1", "0")]
    [InlineData("""{"multipleOf":0.01}""", "0.07", "0.075")]
    [InlineData("""{"allOf":[{"type":"number"},{"minimum":2}]}""", "2", "1")]
    [InlineData("""{"anyOf":[{"type":"string"},{"minimum":2}]}""", "\"a\"", "1")]
    [InlineData("""{"oneOf":[{"type":"integer"},{"minimum":2}]}""", "1", "3")]
    [InlineData("""{"not":{"type":"null"}}""", "1", "null")]
    [InlineData("""{"if":{"type":"string"},"then":{"minLength":2},"else":{"type":"null"}}""", "null", "\"a\"")]
    [InlineData(
        """{"$defs":{"n":{"required":["v"],"properties":{"next":{"$ref":"#/$defs/n"}}}},"$ref":"#/$defs/n"}""",
        """{"v":1,"next":{"v":2}}""", """{"v":1,"next":{}}""")]
    [InlineData("true", "1", null)]
    public void A_value_fits_or_does_not(string schema, string fitting, string? other)
    {
        Assert.Empty(FaultsOf(schema, fitting));

        if (other is not null)
        {
            Assert.NotEmpty(FaultsOf(schema, other));
        }
    }

    [Theory]
    [InlineData("""{"unevaluatedProperties":false}""", "schema.keyword_unknown")]
    [InlineData("""{"properties":{"a":{"requird":["b"]}}}""", "schema.keyword_unknown")]
    [InlineData("""{"$dynamicRef":"#a"}""", "schema.keyword_unknown")]
    [InlineData("""{"format":"ipv4"}""", "schema.invalid")]
    [InlineData("""{"type":"text"}""", "schema.invalid")]
    [InlineData("""{"items":[{"type":"string"}]}""", "schema.invalid")]
    [InlineData("""{"exclusiveMinimum":true}""", "schema.invalid")]
    [InlineData("""{"$ref":"#/$defs/gone"}""", "schema.invalid")]
    [InlineData("""{"$ref":"https://example.org/schema"}""", "schema.invalid")]
    [InlineData("""{"pattern":"(a)\\1"}""", "schema.invalid")]
    [InlineData("""{"required":"a"}""", "schema.invalid")]
    [InlineData("""{"multipleOf":0}""", "schema.invalid")]
    [InlineData("""{"type":"string","type":"number"}""", "schema.invalid")]
    [InlineData("""{"const":"\ud800"}x""", "schema.invalid")]
    [InlineData("3", "schema.invalid")]
    public void What_is_not_understood_is_refused(string schema, string code)
    {
        var refusal = Assert.Throws<ProblemException>(() => JsonSchema.Parse(schema));

        Assert.Equal(code, refusal.Problem.Code);
    }

    [Fact]
    public void A_keyword_that_is_not_known_is_named()
    {
        var refusal = Assert.Throws<ProblemException>(() => JsonSchema.Parse("""{"unevaluatedItems":false}"""));

        Assert.Contains("'unevaluatedItems' at $", refusal.Problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_schema_is_bounded_in_bytes_and_depth()
    {
        var wide = $$"""{"description":"{{new string('a', JsonSchema.BytesMax)}}"}""";
        var deep = string.Concat(Enumerable.Repeat("""{"not":""", JsonSchema.DepthMax + 1)) + "{}"
            + new string('}', JsonSchema.DepthMax + 1);

        Assert.Equal("schema.too_large", Assert.Throws<ProblemException>(() => JsonSchema.Parse(wide)).Problem.Code);
        Assert.Equal("schema.invalid", Assert.Throws<ProblemException>(() => JsonSchema.Parse(deep)).Problem.Code);
    }

    [Fact]
    public void A_schema_that_would_be_applied_for_ever_fits_nothing()
    {
        Assert.Single(FaultsOf("""{"$ref":"#"}""", "1"));
        Assert.Single(FaultsOf(
            """{"$defs":{"a":{"anyOf":[{"$ref":"#/$defs/a"},{"$ref":"#/$defs/a"}]}},"$ref":"#/$defs/a"}""", "1"));
    }

    [Fact]
    public void Checking_takes_no_more_than_so_many_steps()
    {
        var items = string.Join(',', Enumerable.Range(0, 1 + (int)Math.Sqrt(2.0 * SchemaCheck.StepsMax)));

        Assert.Equal(
            "$ is too large or too deep to be checked against the schema",
            Assert.Single(FaultsOf("""{"uniqueItems":true}""", $"[{items}]")));
        Assert.Empty(FaultsOf("""{"uniqueItems":true}""", "[1,2,3]"));
    }

    [Fact]
    public void No_more_faults_are_told_than_anybody_mends_at_once()
    {
        var items = string.Join(',', Enumerable.Repeat("\"a\"", SchemaCheck.FaultsMax + 1));

        Assert.Equal(SchemaCheck.FaultsMax, FaultsOf("""{"items":{"type":"number"}}""", $"[{items}]").Count);
    }

    [Theory]
    [InlineData("  {\"a\": 1}\n", "{\"a\":1}")]
    [InlineData("```json\n[1, 2]\n```", "[1,2]")]
    [InlineData("\"\u202e\u001b\"", null)]
    [InlineData("\"\u202eé\"", "\"\\u202E\\u00E9\"")]
    [InlineData("Here it is: {}", null)]
    [InlineData("{} {}", null)]
    [InlineData("{\"a\":1,\"a\":2}", null)]
    [InlineData("\"\\ud800\"", null)]
    [InlineData("```", null)]
    [InlineData("", null)]
    public void An_answer_is_one_value_and_nothing_else(string answer, string? json) =>
        Assert.Equal(json, StructuredAnswer.Read(answer));

    private static IReadOnlyList<string> FaultsOf(string schema, string value)
    {
        using var document = JsonDocument.Parse(value);
        return JsonSchema.Parse(schema).FaultsOf(document.RootElement);
    }
}

using System.Globalization;

namespace Reeve.Authority.Secrets;

/// <summary>Tokens with a fixed beginning: kind, beginnings, letters and length of the rest.</summary>
internal static class TokenTable
{
    internal const string Text = """
        aws-access-key-id      AKIA,ASIA,ABIA,ACCA                                    upper   16 16
        github-token           ghp_,gho_,ghu_,ghs_,ghr_                               alnum   36 255
        github-token           github_pat_                                            word    36 255
        gitlab-token           glpat-,gldt-,glrt-,glptt-,glft-,glsoat-,glimt-,glffct- url64   20 64
        gitlab-token           glcbt-,glagent-                                        url64   20 70
        slack-token            xoxb-,xoxp-,xoxa-,xoxr-,xoxs-,xoxe-,xoxc-,xoxe.xoxp-   url64   20 255
        slack-token            xoxd-                                                  percent  20 255
        slack-token            xapp-1-                                                url64   20 255
        slack-webhook          hooks.slack.com/services/,hooks.slack.com/workflows/   wide    20 120
        stripe-key             sk_live_,sk_test_,rk_live_,rk_test_,sk_prod_,rk_prod_  alnum   16 247
        stripe-webhook-secret  whsec_                                                 base64  32 100
        anthropic-key          sk-ant-                                                url64   20 200
        openrouter-key         sk-or-v1-                                              hex     64 64
        openai-key             sk-proj-,sk-svcacct-,sk-admin-,sk-None-                url64   20 250
        openai-key             sk-                                                    alnum   32 64
        google-api-key         AIza                                                   url64   35 35
        google-oauth-secret    GOCSPX-                                                url64   24 40
        google-oauth-token     ya29.                                                  dotted  20 1024
        google-refresh-token   1//0                                                   url64   30 250
        azure-storage-key      AccountKey=                                            base64  40 90
        azure-shared-key       SharedAccessKey=                                       base64  40 90
        azure-shared-signature &sig=,?sig=                                            percent  40 120
        npm-token              npm_                                                   alnum   36 36
        pypi-token             pypi-AgE                                               url64   50 250
        docker-token           dckr_pat_,dckr_oat_                                    url64   20 64
        sendgrid-key           SG.                                                    dotted  60 72
        mailgun-key            key-                                                   hex     32 32
        age-key                AGE-SECRET-KEY-1                                       upper   58 58
        heroku-key             HRKU-                                                  url64   30 80
        digitalocean-token     dop_v1_,doo_v1_,dor_v1_                                hex     64 64
        huggingface-token      hf_,api_org_                                           alnum   30 40
        databricks-token       dapi                                                   hex     32 32
        shopify-token          shpat_,shpca_,shppa_,shpss_                            hex     32 32
        square-token           sq0atp-,sq0csp-,sq0idp-                                url64   22 50
        square-token           EAAA                                                   url64   56 64
        facebook-token         EAA                                                    alnum   90 300
        postman-key            PMAK-                                                  url64   50 64
        new-relic-key          NRAK-,NRII-,NRIQ-                                      url64   24 40
        new-relic-key          NRJS-                                                  hex     16 24
        sentry-token           sntrys_,sntryu_                                        wide    40 255
        grafana-token          glsa_,glc_                                             wide    32 400
        linear-key             lin_api_,lin_oauth_                                    alnum   32 64
        notion-token           ntn_,secret_                                           alnum   40 50
        figma-token            figd_,figo_                                            url64   36 60
        atlassian-token        ATATT3,ATCTT3,ATBB                                     wide    24 250
        airtable-token         pat                                                    dotted  79 79
        dropbox-token          sl.                                                    url64   120 200
        vault-token            hvs.,hvb.,hvr.                                         url64   24 250
        terraform-token        .atlasv1.                                              dotted  50 90
        pulumi-token           pul-                                                   hex     40 40
        planetscale-token      pscale_tkn_,pscale_pw_,pscale_oauth_                   dotted  32 64
        supabase-key           sbp_                                                   hex     40 40
        supabase-key           sb_secret_                                             url64   20 60
        netlify-token          nfp_,nfc_                                              alnum   32 50
        render-key             rnd_                                                   alnum   24 40
        doppler-token          dp.pt.,dp.st.,dp.ct.,dp.sa.,dp.scim.                   dotted  40 60
        rubygems-key           rubygems_                                              hex     48 48
        nuget-key              oy2                                                    alnum   43 43
        crates-token           cio                                                    alnum   32 32
        artifactory-key        AKCp                                                   alnum   60 75
        contentful-token       CFPAT-                                                 url64   40 50
        adafruit-key           aio_                                                   alnum   28 28
        replicate-token        r8_                                                    alnum   37 40
        groq-key               gsk_                                                   alnum   48 56
        perplexity-key         pplx-                                                  alnum   40 64
        xai-key                xai-                                                   alnum   60 90
        langsmith-key          lsv2_pt_,lsv2_sk_                                      word    32 60
        tailscale-key          tskey-auth-,tskey-api-,tskey-client-                   url64   20 80
        onepassword-token      ops_eyJ                                                wide    200 4000
        onepassword-key        A3-                                                    url64   30 40
        sonar-token            squ_,sqp_,sqa_                                         hex     40 40
        mapbox-token           sk.eyJ                                                 dotted  60 200
        brevo-key              xkeysib-                                               url64   60 90
        razorpay-key           rzp_live_,rzp_test_                                    alnum   14 24
        duffel-token           duffel_live_,duffel_test_                              url64   40 50
        easypost-key           EZAK,EZTK                                              alnum   54 54
        flutterwave-key        FLWSECK_TEST-,FLWSECK-                                 url64   12 60
        typeform-token         tfp_                                                   dotted  40 70
        shippo-token           shippo_live_,shippo_test_                              hex     40 40
        readme-key             rdme_                                                  alnum   60 80
        dynatrace-token        dt0c01.,dt0s01.                                        dotted  80 100
        circleci-token         CCIPAT_,CCIPRJ_                                        word    40 80
        buildkite-token        bkua_                                                  hex     40 40
        clojars-token          CLOJARS_                                               hex     60 60
        alibaba-key            LTAI                                                   alnum   16 24
        tencent-key            AKID                                                   alnum   32 36
        nvidia-key             nvapi-                                                 url64   50 80
        cloudflare-ca-key      v1.0-                                                  url64   150 180
        openshift-token        sha256~                                                url64   43 43
        fly-token              fo1_,fm1_,fm2_                                         wide    40 2000
        wakatime-key           waka_                                                  url64   36 36
        prefect-key            pnu_,pnb_                                              alnum   36 36
        pinecone-key           pcsk_                                                  word    50 80
        intra42-secret         s-s4t2ud-,s-s4t2af-                                    hex     64 64
        zuplo-key              zpka_                                                  word    40 60
        """;

    public static IEnumerable<SecretRule> Rules()
    {
        var lines = Text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

        foreach (var line in lines)
        {
            var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

            yield return new TokenRule(
                parts[0],
                parts[1].Split(','),
                Letters.Named(parts[2]),
                int.Parse(parts[3], CultureInfo.InvariantCulture),
                int.Parse(parts[4], CultureInfo.InvariantCulture));
        }
    }
}

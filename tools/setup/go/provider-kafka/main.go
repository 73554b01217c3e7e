// Pulumi's kafka provider: the bridge that @pulumi/kafka is generated for.
package main

import (
	"encoding/json"
	"io"
	"log"

	"github.com/Mongey/terraform-provider-kafka/kafka"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfgen"
	shimv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag/colors"
)

// Set by the linker to the version of the npm package it serves.
var version = "0.0.0"

// Longest name the provider makes up, and what stands between its parts.
const (
	nameLimit     = 255
	nameSeparator = "-"
)

func fromEnv(value any, variable string) *tfbridge.SchemaInfo {
	return &tfbridge.SchemaInfo{
		Default: &tfbridge.DefaultInfo{Value: value, EnvVars: []string{variable}},
	}
}

func provider() tfbridge.ProviderInfo {
	info := tfbridge.ProviderInfo{
		P:                shimv2.NewProvider(kafka.Provider()),
		Name:             "kafka",
		Version:          version,
		GitHubOrg:        "Mongey",
		MetadataInfo:     tfbridge.NewProviderMetadata([]byte("{}")),
		UpstreamRepoPath: ".",
		Config: map[string]*tfbridge.SchemaInfo{
			"sasl_mechanism":  fromEnv("plain", "KAFKA_SASL_MECHANISM"),
			"skip_tls_verify": fromEnv(false, "KAFKA_SKIP_VERIFY"),
			"tls_enabled":     fromEnv(true, "KAFKA_ENABLE_TLS"),
		},
		Resources: map[string]*tfbridge.ResourceInfo{
			"kafka_acl": {
				Tok: "kafka:index/acl:Acl",
				Fields: map[string]*tfbridge.SchemaInfo{
					"resource_name": {Name: "aclResourceName"},
					"resource_type": {Name: "aclResourceType"},
				},
			},
		},
	}
	info.MustComputeTokens(tokens.SingleModule("kafka_", "index", tokens.MakeStandard("kafka")))
	info.SetAutonaming(nameLimit, nameSeparator)
	return info
}

func main() {
	info := provider()
	quiet := diag.DefaultSink(io.Discard, io.Discard, diag.FormatOptions{Color: colors.Never})
	spec, err := tfgen.GenerateSchema(info, quiet)
	if err != nil {
		log.Fatal(err)
	}
	schema, err := json.Marshal(spec)
	if err != nil {
		log.Fatal(err)
	}
	tfbridge.Main(info.Name, version, info, schema)
}

// Pulumi's docker provider: the bridge that @pulumi/docker is generated for, without its own docker.Image.
package main

import (
	"encoding/json"
	"io"
	"log"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfgen"
	shimv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag/colors"
	"github.com/terraform-providers/terraform-provider-docker/shim"
)

// Set by the linker to the version of the npm package it serves.
var version = "0.0.0"

const defaultHost = "unix:///var/run/docker.sock"

// Longest name the provider makes up, and what stands between its parts.
const (
	nameLimit     = 255
	nameSeparator = "-"
)

func provider() tfbridge.ProviderInfo {
	info := tfbridge.ProviderInfo{
		P:                shimv2.NewProvider(shim.New(version)),
		Name:             "docker",
		Version:          version,
		GitHubOrg:        "kreuzwerker",
		MetadataInfo:     tfbridge.NewProviderMetadata([]byte("{}")),
		UpstreamRepoPath: ".",
		Config: map[string]*tfbridge.SchemaInfo{
			"host": {
				Default: &tfbridge.DefaultInfo{Value: defaultHost, EnvVars: []string{"DOCKER_HOST"}},
			},
			"registry_auth": {Name: "registryAuth", MaxItemsOne: tfbridge.False()},
		},
		Resources: map[string]*tfbridge.ResourceInfo{
			"docker_container": {
				Tok:                 "docker:index/container:Container",
				DeleteBeforeReplace: true,
				Fields: map[string]*tfbridge.SchemaInfo{
					"command":           {Name: "command"},
					"networks_advanced": {Name: "networksAdvanced"},
				},
			},
			"docker_image": {
				Tok: "docker:index/remoteImage:RemoteImage",
				// An image's name says which one to take. It is not to be made up.
				Fields: map[string]*tfbridge.SchemaInfo{"name": {Name: "name"}},
			},
			"docker_config": {Tok: "docker:index/serviceConfig:ServiceConfig"},
		},
		DataSources: map[string]*tfbridge.DataSourceInfo{
			"docker_image": {Tok: "docker:index/getRemoteImage:getRemoteImage"},
		},
	}
	info.MustComputeTokens(tokens.SingleModule("docker_", "index", tokens.MakeStandard("docker")))
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

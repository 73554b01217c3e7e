// Package shim opens the Docker provider, whose constructor lies in an internal package.
package shim

import (
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/terraform-providers/terraform-provider-docker/internal/provider"
)

// New returns the provider as Terraform's SDK knows it.
func New(version string) *schema.Provider { return provider.New(version)() }

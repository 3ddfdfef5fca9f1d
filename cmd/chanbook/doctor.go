package main

import (
	"context"
	"fmt"
	"os"

	"github.com/chanbook/chanbook/install/doctor"
)

type doctorCmd struct{}

// Run prints one line for each check, and the remedy below those that need one.
func (doctorCmd) Run() error {
	missing := false
	for _, check := range doctor.Examine(context.Background()) {
		fmt.Fprintf(os.Stdout, "%-8s %-18s %s\n", check.Status, check.Name, check.Detail)
		if check.Fix != "" {
			fmt.Fprintf(os.Stdout, "%-8s %-18s to mend it: %s\n", "", "", check.Fix)
		}
		missing = missing || check.Status == doctor.Missing
	}
	if missing {
		return exitStatus(1)
	}
	return nil
}

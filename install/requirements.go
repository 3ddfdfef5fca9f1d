package install

import _ "embed"

// Requirements lists the packages of the private JupyterLab environment, every
// version pinned, in pip's format.
//
//go:embed requirements.txt
var Requirements string

// TestRequirements lists what the tests need beside Requirements.
//
//go:embed requirements-test.txt
var TestRequirements string

package exportdata

import _ "embed"

// std is an archive of all packages for linux/amd64.
//
//go:embed data/std.bin
var std string

package exportdata

import _ "embed"

// platform is an archive of the packages that differ from those of std.
//
//go:embed data/std_darwin_arm64.bin
var platform string

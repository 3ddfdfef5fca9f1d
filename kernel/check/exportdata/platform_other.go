//go:build !(linux && arm64) && !(darwin && (amd64 || arm64)) && !(windows && (amd64 || arm64))

package exportdata

// platform is empty: std is for this platform, or there is nothing better.
const platform = ""

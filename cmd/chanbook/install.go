package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/chanbook/chanbook/install"
	"github.com/chanbook/chanbook/install/lab"
)

// target is where a kernelspec goes.
type target struct {
	User      bool   `xor:"target" help:"For this user."`
	SysPrefix bool   `xor:"target" help:"For the Python environment whose python is on PATH."`
	Prefix    string `xor:"target" help:"Below DIR/share/jupyter." placeholder:"DIR" type:"path"`
}

// dataDir returns the Jupyter data folder that the flags name. With no flag it
// is that of all users, as with Jupyter's own commands.
func (t target) dataDir(sys install.System) (string, error) {
	switch {
	case t.User:
		if dir := sys.UserDir(); dir != "" {
			return filepath.Abs(dir)
		}
		return "", errors.New("there is no home folder: set JUPYTER_DATA_DIR, or use --prefix DIR")
	case t.SysPrefix:
		prefix, err := lab.SysPrefix(context.Background())
		if err != nil {
			return "", err
		}
		return install.PrefixDir(prefix), nil
	case t.Prefix != "":
		return install.PrefixDir(t.Prefix), nil
	}
	if dirs := sys.SystemDirs(); len(dirs) > 0 {
		return dirs[0], nil
	}
	return "", errors.New("this system has no folder for all users: use --user or --sys-prefix")
}

type installCmd struct {
	target
}

func (installCmd) Help() string {
	return "Without a flag, the kernel is installed for all users of the machine."
}

// Run writes the kernelspec and says where.
func (c *installCmd) Run() error {
	sys := install.ThisSystem()
	dir, err := c.dataDir(sys)
	if err != nil {
		return err
	}
	program, err := os.Executable()
	if err != nil {
		return err
	}
	own := false
	switch {
	case !c.User:
		own = fleeting(program) || !forAll(program)
	case fleeting(program):
		home, err := lab.FindHome(sys)
		if err != nil {
			return err
		}
		if _, err := home.Keep(context.Background(), program, lab.NewProgress(os.Stderr, false)); err != nil {
			return err
		}
		program = home.Binaries().Program()
	}
	spec, err := install.Install(dir, program, own)
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("%w\nTo install for yourself: chanbook install --user. For all users: run the command with sudo", err)
	}
	if err != nil {
		return err
	}
	fmt.Printf("Installed the kernel %q in %s\n", install.DisplayName, spec)
	if found, err := install.Read(dir); err == nil && len(found.Spec.Argv) > 0 {
		fmt.Printf("It runs %s\n", found.Spec.Argv[0])
	}
	return nil
}

// fleeting tells whether the program lies in the go command's build folder or
// cache, as one that "go run" built does.
func fleeting(program string) bool {
	for _, part := range strings.Split(filepath.ToSlash(program), "/") {
		if strings.HasPrefix(part, "go-build") {
			return true
		}
	}
	cache := os.Getenv("GOCACHE")
	rel, err := filepath.Rel(cache, program)
	return cache != "" && err == nil && filepath.IsLocal(rel)
}

// forAll tells whether every user can run the program: it, and the folders
// above it, are open to all.
func forAll(program string) bool {
	path, err := filepath.EvalSymlinks(program)
	for err == nil {
		var info fs.FileInfo
		if info, err = os.Stat(path); err != nil || info.Mode().Perm()&1 == 0 {
			return runtime.GOOS == "windows" // permissions are kept elsewhere there
		}
		if filepath.Dir(path) == path {
			return true
		}
		path = filepath.Dir(path)
	}
	return false
}

type uninstallCmd struct {
	target
	Lab bool `xor:"target" help:"The private JupyterLab, its settings and the copies of the program."`
}

func (uninstallCmd) Help() string {
	return "Without a flag, the kernel is removed from every place where install has put it."
}

// Run removes what was asked for, and says what it removed.
func (c *uninstallCmd) Run() error {
	sys := install.ThisSystem()
	if c.Lab {
		home, err := lab.FindHome(sys)
		if err != nil {
			return err
		}
		if err := home.Remove(); err != nil {
			return err
		}
		fmt.Printf("Removed the private JupyterLab in %s\n", home.Dir)
		return nil
	}
	if c.target != (target{}) {
		dir, err := c.dataDir(sys)
		if err != nil {
			return err
		}
		return uninstall(dir)
	}
	return uninstallEverywhere(sys)
}

func uninstallEverywhere(sys install.System) error {
	var prefixes []string
	if prefix, err := lab.SysPrefix(context.Background()); err == nil {
		prefixes = append(prefixes, prefix)
	}
	var failed []error
	found := 0
	for _, dir := range sys.SearchDirs(prefixes...) {
		if in, err := install.Read(dir); err != nil || !in.Ours {
			continue
		}
		found++
		failed = append(failed, uninstall(dir))
	}
	if found == 0 {
		fmt.Println("The kernel is installed in none of the places where Jupyter looks.")
	}
	return errors.Join(failed...)
}

func uninstall(dataDir string) error {
	dir, err := install.Uninstall(dataDir)
	if err == nil {
		fmt.Printf("Removed %s\n", dir)
	}
	return err
}

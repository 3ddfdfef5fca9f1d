// Package e2e holds the tests of the whole: JupyterLab and the tools around it
// with the kernel as a person has it installed. Nothing is imitated here. The
// reference clients of Jupyter, written in Python, talk to the kernel that the
// kernelspec starts; nbclient and nbconvert run the notebooks; and a real
// JupyterLab is used in a headless Chromium.
//
// It has nothing to import. What a package does by itself is tested in that
// package; what stands here needs several programs to be told wrong.
//
// Where Python or Chromium is missing the tests are skipped, unless CI is set,
// and -short leaves them out. Screenshots and executed notebooks go to the
// folder that CHANBOOK_ARTIFACTS names, or else to /artifacts of the repository.
package e2e

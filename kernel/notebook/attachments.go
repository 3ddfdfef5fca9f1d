package notebook

// Attachments are the pictures that are attached to a cell of text: by name, each
// with its representations.
func (c *Cell) Attachments() map[string]map[string]any {
	list, _ := c.fields["attachments"].(map[string]any)
	found := map[string]map[string]any{}
	for name, v := range list {
		if bundle, ok := v.(map[string]any); ok {
			found[name] = bundle
		}
	}
	return found
}

return focusable().length;

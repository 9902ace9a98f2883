-- Made by djdock. Change what you like: `djdock update` keeps your edits.
-- The server runs it once, when it makes its data: tests have a database of their own, which the user may then make.
GRANT ALL PRIVILEGES ON `test\_%`.* TO 'board'@'%';

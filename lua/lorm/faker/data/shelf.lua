-- Books and music. Titles are put together; authors are long dead.
local list = require "lorm.faker.list"

return {
  authors = list.lines [[
    Aphra Behn
    Anne Bronte
    Anton Chekhov
    Charles Dickens
    Charlotte Bronte
    Daniel Defoe
    Edgar Allan Poe
    Edith Wharton
    Elizabeth Gaskell
    Emily Bronte
    Emily Dickinson
    Fyodor Dostoevsky
    George Eliot
    Gustave Flaubert
    Henrik Ibsen
    Henry James
    Herman Melville
    Honore de Balzac
    Ivan Turgenev
    Jane Austen
    Johann Wolfgang von Goethe
    Jules Verne
    Kate Chopin
    Laurence Sterne
    Leo Tolstoy
    Louisa May Alcott
    Mark Twain
    Mary Shelley
    Miguel de Cervantes
    Nathaniel Hawthorne
    Nikolai Gogol
    Oscar Wilde
    Robert Louis Stevenson
    Stendhal
    Thomas Hardy
    Victor Hugo
    Walt Whitman
    William Blake
    William Makepeace Thackeray
  ]],
  formats = { "Audiobook", "Ebook", "Hardcover", "Paperback" },
  bookGenres = list.lines [[
    Adventure
    Biography
    Business
    Children's
    Classic
    Comedy
    Cookery
    Crime
    Drama
    Essays
    Fantasy
    Historical fiction
    History
    Horror
    Memoir
    Mystery
    Philosophy
    Poetry
    Romance
    Satire
    Science
    Science fiction
    Short stories
    Thriller
    Travel
    Young adult
  ]],
  publisherEndings = { "Books", "House", "Press", "Publishing", "& Sons", "University Press", "Verlag" },
  musicGenres = list.lines [[
    Ambient
    Bluegrass
    Blues
    Bossa Nova
    Chamber
    Classical
    Country
    Dance
    Disco
    Drum and Bass
    Dub
    Electronic
    Flamenco
    Folk
    Funk
    Gospel
    Hip Hop
    House
    Indie Rock
    Jazz
    Latin
    Metal
    Opera
    Pop
    Punk
    R&B
    Reggae
    Rock
    Salsa
    Ska
    Soul
    Swing
    Synthpop
    Tango
    Techno
    Trance
    World
  ]],
  bandEndings = list.words [[
    Band Brothers Choir Collective Ensemble Experience Five Orchestra Project Quartet Sisters Trio
  ]],
}

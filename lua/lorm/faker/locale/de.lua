-- Deutsch.
local list = require "lorm.faker.list"

return {
  person = {
    female = list.words [[
      Amelie Andrea Angelika Anja Anke Anna Annette Antonia Astrid Barbara Beate Birgit Brigitte Carla Caroline
      Charlotte Christa Christine Claudia Clara Dagmar Daniela Dorothea Elena Elisabeth Elke Emilia Emma Erika Eva
      Franziska Frieda Gabriele Gerda Gisela Greta Hanna Heike Helene Helga Ida Ilse Ines Ingrid Irmgard Jana Johanna
      Josephine Julia Jutta Karin Katharina Katrin Klara Lara Laura Lea Lena Leonie Lieselotte Lina Lotte Luise Magda
      Maike Maja Manuela Margarete Maria Marianne Marie Marlene Martha Martina Mathilda Melanie Mia Mila Monika Nadine
      Nele Nicole Nina Nora Paula Petra Pia Regina Renate Ricarda Romy Rosa Ruth Sabine Sandra Sarah Selma Silke Silvia
      Simone Sofie Sonja Sophia Stefanie Susanne Svenja Tanja Theresa Tina Ulrike Ursula Ute Vera Verena Wiebke Yvonne
    ]],
    male = list.words [[
      Achim Albert Alexander Alfred Andreas Anton Armin Arne Arnold August Axel Bastian Benedikt Benjamin Bernd
      Bernhard Bertram Björn Bruno Carl Carsten Christian Christoph Clemens Daniel David Dennis Detlef Dieter Dietmar
      Dirk Dominik Eberhard Eckhard Edgar Elias Emil Erich Ernst Erwin Eugen Fabian Felix Ferdinand Finn Florian Frank
      Franz Friedrich Fritz Georg Gerhard Gottfried Günter Gustav Hannes Hans Harald Hartmut Heiko Heinrich Heinz
      Helmut Henning Henrik Herbert Hermann Holger Horst Hubert Hugo Ingo Jakob Jan Jannik Jens Joachim Johannes Jonas
      Jonathan Jörg Josef Jürgen Julian Justus Kai Karl Karsten Kaspar Kilian Klaus Konrad Konstantin Kurt Lars Lennart
      Leo Leon Leonhard Levin Linus Lorenz Ludwig Lukas Malte Manfred Marcel Mario Markus Martin Mathis Matthias Max
      Michael Moritz Nico Niklas Nils Norbert Oliver Oskar Otto Pascal Patrick Paul Peter Philipp Rainer Ralf Reinhard
      Richard Robert Roland Rolf Rüdiger Rudolf Sebastian Siegfried Simon Stefan Sven Theodor Thilo Thomas Thorsten Till
      Tim Tobias Tom Udo Ulrich Uwe Valentin Viktor Volker Walter Werner Wilhelm Winfried Wolfgang
    ]],
    last = list.words [[
      Abel Ackermann Adler Albrecht Althaus Amsel Arndt Auer Bach Bachmann Bader Bär Barth Bauer Baum Baumann Beck Becker
      Behrens Berg Berger Bergmann Bertram Biermann Binder Bischof Blum Böhm Bohn Born Bosch Brand Brandt Braun Breuer
      Brinkmann Brunner Buchholz Burger Busch Christ Conrad Decker Dietrich Dittmann Döring Dorn Eberhardt Ebert Eckert
      Ehlers Eichhorn Engel Engelhardt Ernst Esser Fabian Falk Feld Fichtner Fiedler Fink Fischer Fleischer Förster Frank
      Franke Frey Friedrich Fries Fromm Fuchs Funk Gärtner Gebhardt Geiger Gerlach Glaser Göbel Graf Greiner Groß Günther
      Haas Hahn Hamann Hansen Hartmann Haupt Heinemann Heinrich Heller Henkel Hensel Herbst Hermann Herzog Hesse
      Hildebrandt Hirsch Hoffmann Hofmann Holz Horn Huber Hübner Jäger Jahn Jansen Jost Jung Kaiser Kaufmann Keil Keller
      Kern Kessler Kirchner Klein Klinger Koch Köhler Kohl König Kraft Kramer Kraus Krüger Kühn Kunz Kurz Lang Lange
      Lehmann Lindemann Lindner Link Lorenz Ludwig Lutz Maier Marx Maurer Mayer Meier Menzel Metzger Meyer Michel Möller
      Moser Müller Nagel Naumann Neubauer Neumann Noack Nowak Opitz Oswald Ott Otto Pape Paul Peters Pfeiffer Pohl Probst
      Raabe Rau Reich Reimann Reinhardt Renner Reuter Richter Riedel Rieger Ritter Röder Rose Roth Rudolph Ruf Runge
      Sander Sauer Schade Schäfer Scherer Schilling Schlüter Schmid Schmidt Schmitt Schneider Scholz Schreiber Schröder
      Schubert Schuhmann Schulte Schultz Schulz Schumacher Schuster Schwarz Seidel Seifert Simon Sommer Sonntag Stahl
      Stark Stein Steiner Stern Stolz Strauß Thiel Thomas Tietz Timm Ulrich Unger Urban Vogel Vogt Voigt Volk Wagner
      Walter Weber Wegner Weidner Weiß Wendt Wenzel Werner Wieland Wiese Wilke Wimmer Winkler Winter Wirth Witt Wolf Wolff
      Zander Zeller Ziegler Zimmermann
    ]],
    prefixes = { female = { "Frau", "Dr.", "Prof. Dr." }, male = { "Herr", "Dr.", "Prof. Dr." } },
    suffixes = {}, fullName = "{first} {last}",
  },
  location = {
    countries = list.lines [[
      Ägypten
      Albanien
      Argentinien
      Australien
      Belgien
      Brasilien
      Bulgarien
      Chile
      China
      Dänemark
      Deutschland
      Estland
      Finnland
      Frankreich
      Griechenland
      Indien
      Irland
      Island
      Israel
      Italien
      Japan
      Kanada
      Kenia
      Kolumbien
      Kroatien
      Lettland
      Litauen
      Luxemburg
      Marokko
      Mexiko
      Neuseeland
      Niederlande
      Norwegen
      Österreich
      Polen
      Portugal
      Rumänien
      Schweden
      Schweiz
      Slowakei
      Slowenien
      Spanien
      Südafrika
      Tschechien
      Türkei
      Ukraine
      Ungarn
      Vereinigte Staaten
      Vereinigtes Königreich
      Vietnam
    ]],
    states = {
      { name = "Baden-Württemberg", code = "BW" }, { name = "Bayern", code = "BY" }, { name = "Berlin", code = "BE" },
      { name = "Brandenburg", code = "BB" }, { name = "Bremen", code = "HB" }, { name = "Hamburg", code = "HH" },
      { name = "Hessen", code = "HE" }, { name = "Mecklenburg-Vorpommern", code = "MV" },
      { name = "Niedersachsen", code = "NI" }, { name = "Nordrhein-Westfalen", code = "NW" },
      { name = "Rheinland-Pfalz", code = "RP" }, { name = "Saarland", code = "SL" }, { name = "Sachsen", code = "SN" },
      { name = "Sachsen-Anhalt", code = "ST" }, { name = "Schleswig-Holstein", code = "SH" },
      { name = "Thüringen", code = "TH" },
    },
    county = "Landkreis {city}",
    cities = list.words [[
      Aachen Augsburg Bamberg Berlin Bielefeld Bochum Bonn Braunschweig Bremen Chemnitz Cottbus Darmstadt Dortmund Dresden
      Duisburg Düsseldorf Eisenach Emden Erfurt Erlangen Essen Flensburg Frankfurt Freiburg Fulda Gera Gießen Göttingen
      Greifswald Halle Hamburg Hameln Hannover Heidelberg Heilbronn Hildesheim Husum Ingolstadt Jena Karlsruhe Kassel Kiel
      Koblenz Köln Konstanz Krefeld Landshut Leipzig Lübeck Lüneburg Magdeburg Mainz Mannheim Marburg München Münster
      Nürnberg Oldenburg Osnabrück Passau Plauen Potsdam Ravensburg Regensburg Rostock Saarbrücken Schwerin Siegen Speyer
      Stade Stralsund Stuttgart Trier Tübingen Ulm Weimar Wiesbaden Wismar Wolfsburg Worms Würzburg Zwickau
    ]],
    cityPatterns = { "{prefix} {last}{suffix}", "{last}{suffix}", "{last}{suffix}" },
    cityPrefixes = { "Alt", "Bad", "Groß", "Klein", "Neu", "Nieder", "Ober" },
    citySuffixes = { "au", "bach", "berg", "burg", "dorf", "feld", "hausen", "heim", "hofen", "ingen", "stadt", "tal" },
    streetPatterns = { "{name}{suffix}", "{name}{suffix}", "{last}{suffix}", "Am {name}{suffix}" },
    streetNames = list.words [[
      Ahorn Bahnhof Berg Birken Blumen Brücken Buchen Burg Eichen Erlen Feld Fichten Garten Goethe Haupt Kastanien Kirch
      Linden Mühlen Park Rathaus Rosen Schiller Schloss Schul See Sonnen Tannen Wald Wasser Wiesen
    ]],
    streetSuffixes = { "straße", "straße", "straße", "weg", "gasse", "platz", "allee", "ring" },
    numbers = { "!", "!#", "1#", "1##", "!#a", "!b" },
    secondary = { "# OG", "Hinterhaus", "Whg. ##", "EG links" },
    zips = { "0!###", "1####", "!####", "!####" },
    address = "{street} {number}", full = "{address}, {secondary}", postal = "{address}\n{zip} {city}",
  },
  phone = {
    human = { "0!## #######", "(0!##) ######", "0!##-#######", "+49 !## #######", "01!# ########" },
    national = { "0!## #######" }, international = { "+49!##!######" },
  },
  company = {
    suffixes = { "AG", "GmbH", "GmbH & Co. KG", "KG", "OHG", "e.K.", "und Söhne", "Gruppe" },
    patterns = { "{last} {suffix}", "{last} {suffix}", "{last}-{last} {suffix}", "{last}, {last} und {last}" },
  },
}

-- Names of people, and what they do.
local list = require "lorm.faker.list"

return {
  female = list.words [[
    Abigail Ada Adele Agnes Aisha Alba Alice Alma Amara Amelia Amina Ana Anita Anna Annika Anya Ariana Astrid Aurora
    Ava Beatrice Bella Bianca Bridget Camila Carla Carmen Carolina Cecilia Celeste Charlotte Chiara Chloe Clara
    Claudia Cora Dahlia Dalia Daniela Daphne Delia Diana Dora Edith Elena Eliza Elsa Emilia Emma Erica Esme Estelle
    Esther Eva Evelyn Faye Felicity Fiona Flora Frances Freya Gemma Georgia Gloria Grace Greta Gwen Hana Hannah
    Harriet Hazel Heidi Helen Holly Ida Imani Ines Ingrid Irene Iris Isabel Ivy Jane Jasmine Joanna Josephine Judith
    Julia June Kaya Keira Laila Lara Laura Lea Leila Lena Lily Linnea Lola Lucia Lucy Luna Lydia Mabel Maia Mara
    Margaret Maria Marta Matilda Maya Mei Mila Mina Miriam Nadia Naomi Nina Noor Nora Octavia Odette Olga Olivia Opal
    Paloma Paula Pearl Penelope Petra Phoebe Priya Rachel Renata Rita Rosa Rose Ruby Ruth Sabine Sadie Sara Selma
    Sienna Simone Sofia Sonia Stella Susan Tabitha Tamara Tara Tessa Thea Uma Una Valentina Vera Victoria Viola Violet
    Willa Yara Ylva Yasmin Zara Zelda Zoe Zora
  ]],
  male = list.words [[
    Aaron Abel Adam Adrian Ahmed Aidan Alan Albert Alec Alejandro Alexander Ali Amir Anders Andre Anton Archer Arlo
    Arthur Asher August Axel Basil Bastian Ben Benedict Bernard Bjorn Boris Bruno Caleb Carl Carlos Caspar Cedric
    Charles Christian Clement Colin Conrad Cyril Damian Daniel Dario David Dean Declan Desmond Diego Dominic Duncan
    Edgar Edmund Edward Eli Elias Emil Emmett Eric Ernest Ethan Eugene Ezra Fabian Felix Fergus Finn Francis Frank
    Frederick Gabriel Gareth George Gideon Gilbert Giovanni Graham Gregory Gustav Hamza Harold Harvey Hassan Hector
    Henry Hugo Ian Idris Ignacio Igor Isaac Ivan Jack Jacob James Jasper Javier Jerome Joel John Jonas Jonathan Jorge
    Joseph Joshua Julian Kai Karim Kenji Kevin Kieran Lars Laurence Leo Leon Leonard Levi Liam Linus Lorenzo Louis
    Lucas Luis Luke Magnus Malcolm Marco Marcus Martin Mateo Matthew Max Maxim Miguel Milo Mohammed Morgan Nathan Neil
    Nicholas Nikolai Noah Oliver Omar Oscar Otis Otto Owen Pablo Patrick Paul Pedro Peter Philip Quentin Rafael Ralph
    Raymond Reuben Ricardo Robert Roman Rory Rowan Rufus Samir Samuel Santiago Sebastian Silas Simon Stefan Stephen
    Sven Tariq Theo Thomas Tobias Tristan Victor Viktor Vincent Walter Wesley William Xavier Yusuf Zachary
  ]],
  last = list.words [[
    Abbott Abernathy Adeyemi Ahlgren Alvarez Andersen Archer Armitage Ashby Atkins Bailey Baker Banerjee Barlow Barnes
    Bauer Beck Becker Bennett Berg Bergman Bianchi Birch Blackwood Blake Blomqvist Bowen Bradshaw Brandt Brennan
    Briggs Brooks Bryant Burgess Byrne Calloway Campbell Cardoso Carver Castellano Chambers Chandler Chen Chopra
    Clarke Coleman Conti Cooper Costa Craig Crawford Cross Cunningham Dalton Davenport Delgado Desai Dietrich Dixon
    Donovan Doyle Drake Dubois Duarte Dunn Easton Eklund Ellery Ellis Engel Eriksen Espinoza Everett Fairchild Farley
    Faulkner Fenwick Ferrari Fischer Fitzgerald Fletcher Flynn Forsyth Fournier Fox Franco Fraser Fuentes Gallagher
    Garcia Gardner Garrison Gentry Gibson Glover Goldberg Gomez Goodwin Graves Greenwood Griffin Grove Guerra Gupta
    Gustafson Haas Hahn Halloran Hamada Hansen Harding Harlow Harper Hartley Hasegawa Hawkins Hayashi Hayes Heller
    Henriksen Herrera Higgins Hoffman Holloway Holm Hopkins Horvath Hudson Huang Hughes Hunt Hussain Ibarra Ibrahim
    Inoue Ivanova Iyer Jacobsen Jain Jansen Jennings Jensen Johansson Jung Kapoor Karlsen Kaur Keating Keller Kelly
    Kendrick Khan Kimura King Kirby Klein Knight Koch Kovacs Kowalski Kramer Kruger Kumar Lambert Lang Larsen Laurent
    Lawson Leclerc Lehmann Leone Lewis Lindgren Lindqvist Lockwood Lombardi Lopez Lowell Lund Lynch Macdonald Mahoney
    Maldonado Malik Marchetti Marino Marsh Martens Mason Matsuda Mbeki Mccarthy Mendes Mensah Mercer Meyer Middleton
    Miller Mitchell Molina Monroe Montgomery Morales Moreau Moretti Morgan Moritz Morris Mueller Mukherjee Murphy
    Nakamura Napier Navarro Nelson Neumann Newell Nguyen Nielsen Noble Nolan Norris Novak Nunez Nyberg Oakley Obi
    Okafor Okoye Olsen Ono Orlov Ortega Osborne Owens Paige Palmer Papadakis Parrish Patel Pearce Pereira Petersen
    Petrov Phelps Pierce Pinto Popescu Porter Prescott Price Quinn Radcliffe Ramos Ramsey Rao Raymond Reilly Reyes
    Reynolds Rhodes Ricci Richter Rivera Roberts Rojas Romano Rosen Rossi Rowe Roy Russo Ryan Sadler Saito Salazar
    Sanders Sandoval Santos Sato Sawyer Schaefer Schmidt Schneider Schofield Schultz Seidel Shah Sharma Shaw Shepherd
    Sheridan Silva Simmons Singh Sinclair Skinner Solberg Solomon Sorensen Spencer Stafford Stanton Stein Sterling
    Stokes Strand Sullivan Sutherland Suzuki Svensson Takahashi Talbot Tanaka Taylor Thatcher Thompson Thorne Torres
    Townsend Tran Travers Tucker Turner Underwood Usman Valdez Vance Vargas Vaughn Velasquez Vogel Wagner Wakefield
    Walker Wallace Walsh Wang Warner Watanabe Watts Weaver Webb Weber Wells Werner West Wheeler Whitaker Whitfield
    Wilder Wilkins Winslow Winter Wolff Wong Woods Wright Yamada Yang Yates York Young Zamora Zhang Ziegler Zimmerman
  ]],
  prefixes = { female = { "Dr.", "Mrs.", "Ms.", "Miss" }, male = { "Dr.", "Mr." } },
  suffixes = { "Jr.", "Sr.", "I", "II", "III", "IV", "V", "MD", "DDS", "PhD" },
  genders = list.lines [[
    Agender
    Androgyne
    Bigender
    Cis female
    Cis male
    Demigender
    Female
    Genderfluid
    Genderqueer
    Male
    Non-binary
    Pangender
    Trans female
    Trans male
    Two-spirit
  ]],
  zodiac = list.words [[
    Aquarius Aries Cancer Capricorn Gemini Leo Libra Pisces Sagittarius Scorpio Taurus Virgo
  ]],
  jobLevels = list.words [[
    Assistant Associate Central Chief Corporate Customer Deputy Direct District Dynamic Executive Global Human
    Internal International Junior Lead Legacy National Principal Product Regional Senior Staff
  ]],
  jobAreas = list.words [[
    Accounts Analytics Applications Assurance Branding Communications Compliance Creative Data Design Development
    Finance Infrastructure Integration Intranet Logistics Marketing Markets Metrics Mobility Operations Optimization
    Paradigm Platform Procurement Program Quality Research Response Risk Sales Security Solutions Strategy Support
    Tactics Usability Web
  ]],
  jobTypes = list.words [[
    Administrator Agent Analyst Architect Assistant Associate Consultant Coordinator Designer Developer Director
    Engineer Executive Facilitator Liaison Manager Officer Orchestrator Planner Producer Representative Scientist
    Specialist Strategist Supervisor Technician
  ]],
  callings = list.words [[
    activist artist author baker blogger builder coach collector cook creator dancer designer dreamer educator
    engineer entrepreneur environmentalist filmmaker founder gamer gardener geek inventor leader musician nerd nurse
    parent patriot person philosopher photographer poet reader runner sailor scientist singer streamer student swimmer
    teacher traveler veteran volunteer writer
  ]],
}

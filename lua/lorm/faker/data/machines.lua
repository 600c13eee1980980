-- Databases, programs, files, networks, science.
local list = require "lorm.faker.list"

return {
  columns = list.words [[
    avatar category comment content createdAt description email group id name password phone status title token updatedAt
  ]],
  columnTypes = list.words [[
    bigint boolean bytea char date decimal double enum int json numeric real smallint text time timestamp uuid varchar
  ]],
  collations = list.words [[ C C.UTF-8 POSIX de_DE.utf8 en_GB.utf8 en_US.utf8 fr_FR.utf8 ucs_basic und-x-icu ]],
  engines = list.words [[ ARCHIVE BLACKHOLE CSV InnoDB MEMORY MyISAM heap btree brin columnar ]],
  hackerAbbreviations = list.words [[
    AI API CLI CPU CSS DNS GPU HDD HTTP IB IP JSON PCI PNG RAM RSS SAS SCSI SDD SMS SMTP SQL SSD SSL TCP TLS UDP USB UTF8 VGA
    XML XSS
  ]],
  hackerAdjectives = list.words [[
    1080p auxiliary back-end bluetooth cross-platform digital haptic mobile multi-byte neural online open-source optical
    primary redundant solid-state virtual wireless
  ]],
  hackerIngverbs = list.words [[
    backing-up bypassing calculating compressing connecting copying generating hacking indexing navigating overriding parsing
    programming quantifying synthesizing transmitting
  ]],
  hackerNouns = list.words [[
    alarm application array bandwidth bus capacitor card circuit driver feed firewall hard-drive interface matrix microchip
    monitor panel pixel port program protocol sensor system transmitter
  ]],
  hackerVerbs = list.words [[
    back-up bypass calculate compress connect copy generate hack index input navigate override parse program quantify reboot
    synthesize transmit
  ]],
  branchVerbs = list.words [[ add bump clean drop fix improve make move refactor remove rename speed-up split support test update ]],
  -- extension, MIME type, the group of names that system.commonFileType knows (or -)
  files = list.lines [[
    aac audio/aac audio
    avi video/x-msvideo video
    bin application/octet-stream -
    bmp image/bmp image
    css text/css text
    csv text/csv text
    doc application/msword -
    flac audio/flac audio
    gif image/gif image
    gz application/gzip -
    html text/html text
    ico image/vnd.microsoft.icon image
    jpg image/jpeg image
    js text/javascript text
    json application/json application
    md text/markdown text
    mkv video/x-matroska video
    mp3 audio/mpeg audio
    mp4 video/mp4 video
    mpeg video/mpeg video
    ogg audio/ogg audio
    pdf application/pdf application
    png image/png image
    rtf application/rtf -
    svg image/svg+xml image
    tar application/x-tar -
    tiff image/tiff image
    txt text/plain text
    wasm application/wasm -
    wav audio/wav audio
    webm video/webm video
    webp image/webp image
    xml application/xml application
    zip application/zip application
  ]],
  folders = list.words [[
    /Applications /bin /boot /dev /etc /etc/init.d /home /home/user /lib /media /mnt /opt /opt/bin /opt/lib /private /root /sbin
    /srv /sys /tmp /usr /usr/bin /usr/lib /usr/local/bin /usr/local/src /usr/share /var /var/log /var/mail /var/spool /var/tmp
  ]],
  elements = list.lines [[
    1 H Hydrogen
    2 He Helium
    3 Li Lithium
    4 Be Beryllium
    5 B Boron
    6 C Carbon
    7 N Nitrogen
    8 O Oxygen
    9 F Fluorine
    10 Ne Neon
    11 Na Sodium
    12 Mg Magnesium
    13 Al Aluminium
    14 Si Silicon
    15 P Phosphorus
    16 S Sulfur
    17 Cl Chlorine
    18 Ar Argon
    19 K Potassium
    20 Ca Calcium
    21 Sc Scandium
    22 Ti Titanium
    23 V Vanadium
    24 Cr Chromium
    25 Mn Manganese
    26 Fe Iron
    27 Co Cobalt
    28 Ni Nickel
    29 Cu Copper
    30 Zn Zinc
    31 Ga Gallium
    32 Ge Germanium
    33 As Arsenic
    34 Se Selenium
    35 Br Bromine
    36 Kr Krypton
    47 Ag Silver
    50 Sn Tin
    51 Sb Antimony
    53 I Iodine
    54 Xe Xenon
    55 Cs Caesium
    56 Ba Barium
    74 W Tungsten
    78 Pt Platinum
    79 Au Gold
    80 Hg Mercury
    82 Pb Lead
    83 Bi Bismuth
    86 Rn Radon
    88 Ra Radium
    92 U Uranium
    94 Pu Plutonium
  ]],
  units = list.lines [[
    A ampere
    Bq becquerel
    C coulomb
    F farad
    Gy gray
    H henry
    Hz hertz
    J joule
    K kelvin
    N newton
    Pa pascal
    S siemens
    Sv sievert
    T tesla
    V volt
    W watt
    Wb weber
    cd candela
    g gram
    kat katal
    lm lumen
    lx lux
    m metre
    mol mole
    rad radian
    s second
    sr steradian
  ]],
}
